"""What an exchange with a card means, for people, in Chinese and English, without personal data.

Reading order: `values` (how bytes are written for people, and masked) · `layout` (fields of fixed
length) · `status_meanings` · `interindustry`, `administration`, `social_security`, `medical`,
`certificates`, `transit`, `psam`, `bank`, `holder_certificates` (the commands) · `decoder`
(follows a dialogue and puts it together).
"""

from virtual_cards.transcripts.decoder import DecodedExchange, TranscriptDecoder
from virtual_cards.transcripts.layout import Field

__all__ = ["DecodedExchange", "Field", "TranscriptDecoder"]
