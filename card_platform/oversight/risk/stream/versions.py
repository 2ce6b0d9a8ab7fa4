"""Versions of the rules: proposed, tested on the stored history, switched on by a supervisor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import msgspec

from card_platform.oversight.risk.detector import Detector
from card_platform.oversight.risk.history import Alert
from card_platform.oversight.risk.rules import BOUNDS, Rules, first_rules
from card_platform.oversight.risk.stream import store
from card_platform.oversight.risk.stream.model import (
    BackTest,
    RuleVersion,
    RuleVersionChanged,
    VersionAction,
    VersionState,
    next_version_state,
)
from card_platform.oversight.risk.stream.refusals import (
    BackTestIsStale,
    BackTestSawNothing,
    ProposerIsTheSame,
    RuleNumberIsOutOfBounds,
    RuleNumberIsUnknown,
    RuleVersionIsUnknown,
)
from card_platform.oversight.risk.stream.watch import REFOLD_AT_ONCE, Watch, rules_in_force
from card_platform.storage import Transaction
from card_platform.vocabulary.moment import Clock, moment_of

NAMED_MAX = 100
"""Differences a back-test names."""
EVENTS_MAX = 200_000
"""Of the stored history a back-test in a request folds, the newest; a file of more is screened by
`python -m card_platform.oversight.risk`.
"""


class RuleVersions:
    """The versions of one region."""

    def __init__(self, watch: Watch, clock: Clock) -> None:
        self._watch = watch
        self._clock = clock

    def propose(
        self, tx: Transaction, numbers: Mapping[str, int], reason: str, by: str
    ) -> RuleVersion:
        """A new version that changes these numbers.

        Raises:
            RuleNumberIsUnknown, RuleNumberIsOutOfBounds.
        """
        unknown = first_rules().unknown(numbers)
        if unknown:
            raise RuleNumberIsUnknown(names=", ".join(unknown))
        for each in first_rules().out_of_bounds(numbers):
            least, most = BOUNDS[each.unit]
            found = numbers[each.name]
            raise RuleNumberIsOutOfBounds(
                name=each.name, least=least, most=most, unit=each.unit, found=found
            )
        at = moment_of(self._clock.now())
        number = store.last_version(tx) + 1
        version = RuleVersion(number, dict(numbers), reason, VersionState.PROPOSED, at, by)
        store.save_version(tx, version, is_new=True)
        self._tell(tx, version, "propose", by)
        return version

    def look(self, tx: Transaction, number: int) -> RuleVersion:
        """The version. Raises RuleVersionIsUnknown."""
        found = store.find_version(tx, number)
        if found is None:
            raise RuleVersionIsUnknown
        return found

    def test(self, tx: Transaction, number: int, by: str) -> RuleVersion:
        """Fold the stored history with this version and with that in force.

        Raises:
            RuleVersionIsUnknown, RuleVersionStateForbids, BackTestSawNothing.
        """
        version = self.look(tx, number)
        next_version_state(version.state, VersionAction.TEST)
        current = rules_in_force(tx)
        rules = first_rules().changed(version.version, version.numbers)
        events, new = self._alerts(tx, rules)
        if not events:
            raise BackTestSawNothing
        _, old = self._alerts(tx, current)
        named = {f"{each.typology} {each.subject}" for each in new}
        before = {f"{each.typology} {each.subject}" for each in old}
        test = BackTest(
            events,
            dict(sorted(Counter(each.typology for each in new).items())),
            dict(sorted(Counter(each.typology for each in old).items())),
            sorted(named - before)[:NAMED_MAX],
            sorted(before - named)[:NAMED_MAX],
            current.version,
        )
        tested = msgspec.structs.replace(version, back_test=test)
        return self._step(tx, tested, VersionAction.TEST, by)

    def switch_on(self, tx: Transaction, number: int, by: str) -> RuleVersion:
        """Let a tested version judge from now on; the one in force is replaced.

        Raises:
            RuleVersionIsUnknown, RuleVersionStateForbids: as when it was not tested.
            ProposerIsTheSame, BackTestIsStale.
        """
        version = self.look(tx, number)
        next_version_state(version.state, VersionAction.SWITCH_ON)
        if version.proposed_by == by:
            raise ProposerIsTheSame
        then, in_force = version.back_test, rules_in_force(tx).version
        if then is not None and then.version_in_force != in_force:
            raise BackTestIsStale(then=then.version_in_force, now=in_force)
        current = store.version_in_force(tx)
        if current is not None:
            self._step(tx, current, VersionAction.REPLACE, by)
        return self._step(tx, version, VersionAction.SWITCH_ON, by)

    def withdraw(self, tx: Transaction, number: int, by: str) -> RuleVersion:
        """Give a version up. Raises RuleVersionIsUnknown, RuleVersionStateForbids."""
        return self._step(tx, self.look(tx, number), VersionAction.WITHDRAW, by)

    def _alerts(self, tx: Transaction, rules: Rules) -> tuple[int, list[Alert]]:
        detector, last = Detector(rules), store.look_at_watch(tx).position
        after = max(0, last - EVENTS_MAX)
        events, alerts = 0, list[Alert]()
        while rows := store.folded(tx, after, last, REFOLD_AT_ONCE):
            events += len(rows)
            for _, body in rows:
                alerts += self._watch.fold(detector, body)
            after = rows[-1][0]
        return events, alerts + detector.end()

    def _step(
        self, tx: Transaction, version: RuleVersion, action: VersionAction, by: str
    ) -> RuleVersion:
        state = next_version_state(version.state, action)
        at = moment_of(self._clock.now())
        moved = msgspec.structs.replace(version, state=state, state_since=at)
        store.save_version(tx, moved, is_new=False)
        self._tell(tx, moved, action.value, by)
        return moved

    def _tell(self, tx: Transaction, version: RuleVersion, step: str, by: str) -> None:
        at, after = version.state_since, version.state.value
        told = RuleVersionChanged(at=at, by=by, version=version.version, step=step, after=after)
        tx.emit(told)
