"""Places: libraries, museums, scenic areas, parks, stadiums, canteens, day care, shops, and what
field of use comes next (NM-17 to NM-19, NX-9d, NX-9e, SC-e, SC-m, YD-12).

One engine serves them all (decision 0024). An *offer* is what a site offers, its terms are data; an
*act* is what a holder did on it. A new field of use is a new offer, and no code.

Reading order: `offers` (what a site offers, on what terms), `acts` (bookings, entries, meals,
sessions, purchases, and their money), `lending` (readers, loans, returns here and elsewhere),
`room` (the three joined).
"""
