"""What is refused of making and delivering cards."""

from __future__ import annotations

from card_platform.errors import Refusal


class NothingToOrder(Refusal):
    """No card waits for production there."""

    code = "no-card-to-order"
    status = 409
    title = "No card to order"
    zh = "没有待制的社会保障卡。"
    en = "No card waits for production there."


class OrderIsUnknown(Refusal):
    """No such order."""

    code = "production-order-unknown"
    status = 404
    title = "Order unknown"
    zh = "没有这个制卡批次。"
    en = "There is no such order to the card maker."


class CardIsNotOfTheOrder(Refusal):
    """A report names a card the order does not have."""

    code = "card-not-of-the-order"
    status = 409
    title = "Not a card of the order"
    zh = "卡片不在本制卡批次中。"
    en = "The order does not have this card."


class DeliveryIsUnknown(Refusal):
    """No such consignment."""

    code = "delivery-unknown"
    status = 404
    title = "Delivery unknown"
    zh = "没有这次配送。"
    en = "There is no such delivery."


class CardIsNotReadyToSend(Refusal):
    """Only a finished card is sent, once."""

    code = "card-not-ready-to-send"
    status = 409
    title = "Card not ready to send"
    zh = "卡 {card_id} 处于 {state}，尚未制成或者已经交付，不能配送。"
    en = "The card {card_id} is {state}; only a finished card nobody has yet is sent."


class CardGoesElsewhere(Refusal):
    """YD-7b: a card goes where its holder collects it."""

    code = "card-goes-elsewhere"
    status = 409
    title = "The card goes to another site"
    zh = "卡 {card_id} 的领取网点是 {site}，不能配送到别处。"
    en = "The card {card_id} is collected at {site}; it is not sent anywhere else."


class CardIsOnItsWay(Refusal):
    """It is in a consignment already."""

    code = "card-sent-already"
    status = 409
    title = "Sent already"
    zh = "卡 {card_id} 已在配送 {delivery} 中。"
    en = "The card {card_id} is in the delivery {delivery} already."


class CardIsNotOfTheDelivery(Refusal):
    """The count names a card the consignment does not have."""

    code = "card-not-of-the-delivery"
    status = 409
    title = "Not a card of the delivery"
    zh = "卡 {card_id} 不在本次配送中，或者已经清点无误。"
    en = "The card {card_id} is not in this delivery, or was counted as there before."


class CardHasNotArrived(Refusal):
    """A card on its way, or missing, is handed over to nobody."""

    code = "card-has-not-arrived"
    status = 409
    title = "The card has not arrived"
    zh = "卡片尚在配送中，或者未到达领取网点（{state}），不能交付。"
    en = "The card has not arrived at the site of collection ({state}); it cannot be handed over."


class SiteMakesNoCards(Refusal):
    """Only a site with a card printer issues on the spot."""

    code = "site-makes-no-cards"
    status = 409
    title = "The site makes no cards"
    zh = "网点 {site} 没有制卡设备，不能即时制卡。"
    en = "The site {site} has no card printer; it cannot issue cards on the spot."


class CardIsNotMadeOnTheSpot(Refusal):
    """The card was not begun at a counter, or is finished."""

    code = "card-not-made-on-the-spot"
    status = 404
    title = "Not made on the spot"
    zh = "该卡没有正在进行的即时制卡。"
    en = "No site is making this card on the spot."


class CardIsMadeElsewhere(Refusal):
    """Of one card there is one chip: who has its order makes it."""

    code = "card-made-elsewhere"
    status = 409
    title = "Made elsewhere"
    zh = "卡片处于 {state}，已由别处制作，或者已不待制；即时制卡只用于待制的卡。"
    en = "The card is {state} and made elsewhere, or not to be made; it is not made on the spot."
