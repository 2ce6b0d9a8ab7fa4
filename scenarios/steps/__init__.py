"""Step phrases by what people do.

Apply, live with a card, ride; and what must hold in the books.
"""
