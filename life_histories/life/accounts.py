"""Bank accounts: transfers of families and tenants, accounts changed and opened."""

from __future__ import annotations

from life_histories.almanac import DAY_S, HOUR_S, MINUTE_S
from life_histories.kinds import AccountChanged, AccountOpened, PayoutPaid, Transfer
from life_histories.life.life import Life, World
from life_histories.life.money import near_home
from life_histories.people import account_of


def transfers(life: Life) -> None:
    """To parents each month; rent to the landlord of the house."""
    person, dice, world = life.person, life.dice, life.world
    months = range(dice.between(0, 27), len(life.taken), 30)
    if person.parents and dice.chance(world.numbers.family_transfers * 3):
        amount = dice.between(3, 15) * 10_000
        for day in months:
            moment = day * DAY_S + 20 * HOUR_S + dice.below(2 * HOUR_S)
            send(life, moment, account_of(dice.pick(person.parents)), amount)
    landlord = landlord_of(life)
    if landlord >= 0 and landlord != person.index and dice.chance(4_000):
        amount = dice.between(60, 250) * 1_000
        day = dice.between(1, 8)
        while day < len(life.taken):
            moment = day * DAY_S + 19 * HOUR_S + dice.below(4 * HOUR_S)
            send(life, moment, account_of(landlord), amount)
            day += 30
    if is_landlord(life.world, person.index):
        for day in range(dice.between(3, 12), len(life.taken), dice.between(9, 25)):
            moment = day * DAY_S + 11 * HOUR_S + dice.below(6 * HOUR_S)
            send(life, moment, f"A{dice.below(10**8):08d}", dice.between(20_000, 160_000))


def landlord_of(life: Life) -> int:
    """Whom migrants and single people of the same block pay rent: a grown person of it."""
    person = life.person
    if person.role != "worker" or person.family:
        return -1
    block = person.index // 100 * 100
    found = [n for n in range(block, block + 100) if is_landlord(life.world, n)]
    return found[person.index % len(found)] if found else -1


def is_landlord(world: World, index: int) -> bool:
    """One in some hundred lets rooms."""
    if index >= len(world.people) or world.people[index].role != "worker":
        return False
    return index * 2_654_435_761 % 10_000 < world.numbers.landlords * 4


def send(
    life: Life, moment_s: int, to_account: str, amount_fen: int, channel: str = "online"
) -> None:
    """A transfer from the phone."""
    life.tell(
        moment_s,
        Transfer(channel, cash=False, to_account=to_account),
        account=life.person.account,
        device=life.person.phone,
        face="electronic" if life.person.phone else "",
        amount_fen=amount_fen,
    )


def account_changes(life: Life) -> None:
    """Another bank: at the counter, or from one's own phone; some shortly before payday."""
    person, dice, world = life.person, life.dice, life.world
    changes = dice.chance(world.scaled(world.numbers.account_changes))
    if person.role == "child" or life.is_cast or not changes:
        return
    moment = life.free_slot(3)
    if moment < 0:
        return
    new, old = account_of(person.index, 1), person.account
    by_phone = bool(person.phone) and dice.chance(4_500)
    detail = AccountChanged("payout", old, "online" if by_phone else "counter", person.number)
    if by_phone:
        life.tell(moment, detail, account=new, device=person.phone, face="electronic")
    else:
        branch = near_home(life, life.stay(moment // DAY_S).city.sites["branch"])
        life.at_site(moment, branch, detail, account=new)
    use_account(life, moment + 5 * MINUTE_S, old, new)


def second_account(life: Life) -> None:
    """For savings, opened over the counter or from the phone; payouts stay where they were."""
    person, dice, world = life.person, life.dice, life.world
    opens = dice.chance(world.scaled(world.numbers.accounts_opened))
    if person.role == "child" or not opens:
        return
    moment, new = life.free_slot(1), account_of(person.index, 3)
    if moment < 0:
        return
    if person.phone and dice.chance(6_000):
        opened = AccountOpened("payout", "online", person.number)
        life.tell(moment, opened, account=new, device=person.phone, face="electronic")
        return
    branch = near_home(life, life.stay(moment // DAY_S).city.sites["branch"])
    life.at_site(moment, branch, AccountOpened("payout", "counter", person.number), account=new)


def use_account(life: Life, from_s: int, old: str, new: str) -> None:
    """What comes after a change goes to and from the new account."""
    for each in life.told:
        if each.true_s <= from_s:
            continue
        if each.account == old:
            each.account = new
        if isinstance(each.detail, PayoutPaid) and each.detail.account == old:
            each.detail.account = new
