"""HTTP routes of signing in, sessions and agents.

Signing in and changing a password carry no Idempotency-Key: nothing of an answer with a token, or
of a body with a password, is kept. Signing in again opens another session.
"""

from __future__ import annotations

from dataclasses import dataclass

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.access import refusals, store
from card_platform.access.account_routes import account_routes
from card_platform.access.accounts import Accounts
from card_platform.access.agents import Agents
from card_platform.access.passwords import Passwords
from card_platform.access.service import Challenge, SignIns, Verdict
from card_platform.access.sessions import Sessions
from card_platform.access.shapes import (
    AgentAnswer,
    AgentNaming,
    AgentsAnswer,
    AgentWithdrawal,
    Assistance,
    ChallengeAnswer,
    ChallengeRequest,
    Nothing,
    PasswordProof,
    PlatformProof,
    SessionAnswer,
    SignedInAnswer,
    SignIn,
    agent_answer,
    session_answer,
)
from card_platform.issuance.refusals import (
    CardHasEnded,
    CardIsUnknown,
    DocumentIsNotTheHolders,
    IdentityDocumentIsInvalid,
    IdentityDocumentIsMissing,
    MandateIsInvalid,
    MandateIsMissing,
)
from card_platform.keys import SecurityModule
from card_platform.regions import RegionPolicy
from card_platform.storage import Transaction
from card_platform.vocabulary.moment import Clock
from card_platform.web import LIMIT_DEFAULT, WHO_SIGNS_IN, After, Desk, Limit, PagedList, Routes
from card_platform.web.authentication import SESSION_ROLES
from card_platform.web.desk import ApiRequest

_ROUTES = Routes("access")
_AGENTS = PagedList("agents", str, str)
_HOLDER_REFUSALS = (
    CardIsUnknown,
    IdentityDocumentIsMissing,
    IdentityDocumentIsInvalid,
    DocumentIsNotTheHolders,
)


@dataclass(frozen=True, slots=True)
class AccessOffice:
    """The use cases of access."""

    region: str
    passwords: Passwords
    accounts: Accounts
    sign_ins: SignIns
    sessions: Sessions
    agents: Agents


def open_access_office(policy: RegionPolicy, keys: SecurityModule, clock: Clock) -> AccessOffice:
    """Join the use cases of access."""
    accounts = Accounts(policy, keys, clock)
    return AccessOffice(
        policy.region.code,
        Passwords(),
        accounts,
        SignIns(policy, keys, accounts, clock),
        Sessions(clock),
        Agents(policy, clock),
    )


def access_routes(desk: Desk, office: AccessOffice) -> list[HTTPRouteHandler]:
    """The routes of this context."""
    return [
        *account_routes(desk, office.accounts, office.passwords, office.sessions),
        *_sign_in_routes(desk, office),
        *_session_routes(desk, office.sessions),
        *_agent_routes(desk, office.agents),
    ]


def _sign_in_routes(desk: Desk, office: AccessOffice) -> list[HTTPRouteHandler]:
    sign_ins = office.sign_ins

    @_ROUTES.asks(
        "/v1/session-challenges",
        WHO_SIGNS_IN,
        "登录挑战 · A challenge for signing in by card or key",
        refusals.SystemProofIsWrong,
    )
    async def challenge(data: JSONBody[ChallengeRequest]) -> Response[ChallengeAnswer]:
        def work(tx: Transaction) -> ChallengeAnswer:
            if data.system is None:
                return _card_challenge(sign_ins.challenge_card(tx))
            asked = data.system
            made = sign_ins.challenge_system(tx, asked.participant_id, asked.nonce)
            proof = PlatformProof(office.region, made.ours, made.signature)
            return ChallengeAnswer(made.challenge_id, made.ends_at, system=proof)

        return await desk.record(work)

    @_ROUTES.asks(
        "/v1/sessions",
        WHO_SIGNS_IN,
        "登录 · Sign in by password, card or key",
        refusals.SignInIsRefused,
        refusals.ChallengeIsNotUsable,
        refusals.CardIsNotGenuine,
        refusals.CardSignsInToNothing,
        refusals.NoMandateForCard,
        refusals.SystemProofIsWrong,
    )
    async def sign_in(data: JSONBody[SignIn]) -> SignedInAnswer:
        data.require_one()
        if data.password is not None:
            verdict = await _by_password(desk, office, data.password)
        elif data.card is not None:
            answered = data.card.read()
            verdict = await desk.decide(lambda tx: sign_ins.by_card(tx, answered))
        elif data.system is not None:
            signed = data.system.read()
            verdict = await desk.decide(lambda tx: sign_ins.by_key(tx, signed))
        if verdict.session is None:
            raise verdict.refusal or refusals.SignInIsRefused
        return SignedInAnswer(verdict.token, session_answer(verdict.session))

    return [challenge, sign_in]


async def _by_password(desk: Desk, office: AccessOffice, proof: PasswordProof) -> Verdict:
    seen = await desk.consult(lambda tx: store.find_account(tx, name=proof.name))
    right = await office.passwords.is_right(seen.password_hash if seen else None, proof.password)
    return await desk.decide(
        lambda tx: office.sign_ins.by_password(tx, proof.name, seen, right=right)
    )


def _session_routes(desk: Desk, sessions: Sessions) -> list[HTTPRouteHandler]:
    @_ROUTES.reads(
        "/v1/sessions/current", SESSION_ROLES, "当前会话 · This session", refusals.SessionIsNeeded
    )
    async def look(request: ApiRequest) -> Response[SessionAnswer]:
        caller = request.user
        return await desk.look_up(lambda tx: session_answer(sessions.look(tx, caller)))

    @_ROUTES.asks(
        "/v1/sessions/current/end", SESSION_ROLES, "退出登录 · Sign out", refusals.SessionIsNeeded
    )
    async def end(
        request: ApiRequest,
        data: JSONBody[Nothing],  # noqa: ARG001 - checked to be empty
    ) -> Response[SessionAnswer]:
        caller = request.user
        return await desk.record(lambda tx: session_answer(sessions.end(tx, caller)))

    @_ROUTES.creates(
        "/v1/sessions/current/assistance",
        ("clerk",),
        "开始帮办：会话不因空闲而结束 · Help a holder: the session does not end by idleness",
        refusals.SessionIsNeeded,
        CardIsUnknown,
        status=200,
    )
    async def assist(request: ApiRequest, data: JSONBody[Assistance]) -> Response[SessionAnswer]:
        caller = request.user
        return await desk.perform(
            request, lambda tx: session_answer(sessions.assist(tx, caller, data.card_id))
        )

    @_ROUTES.creates(
        "/v1/sessions/current/assistance-end",
        ("clerk",),
        "结束帮办 · End the help",
        refusals.SessionIsNeeded,
        refusals.SessionAssistsNobody,
        status=200,
    )
    async def end_assistance(
        request: ApiRequest,
        data: JSONBody[Nothing],  # noqa: ARG001 - checked to be empty
    ) -> Response[SessionAnswer]:
        caller = request.user
        return await desk.perform(
            request, lambda tx: session_answer(sessions.end_assistance(tx, caller))
        )

    return [look, end, assist, end_assistance]


def _agent_routes(desk: Desk, agents: Agents) -> list[HTTPRouteHandler]:
    @_ROUTES.creates(
        "/v1/cards/{card_id:str}/agents",
        ("holder", "clerk"),
        "委托代办人 · Mandate an agent",
        *_HOLDER_REFUSALS,
        CardHasEnded,
        MandateIsMissing,
        MandateIsInvalid,
    )
    async def name(
        request: ApiRequest, card_id: FromPath[str], data: JSONBody[AgentNaming]
    ) -> Response[AgentAnswer]:
        def work(tx: Transaction) -> AgentAnswer:
            named = agents.name(tx, card_id, data.agent, data.document, request.user)
            return agent_answer(named)

        return await desk.perform(request, work, status=201)

    @_ROUTES.lists(
        "/v1/cards/{card_id:str}/agents",
        ("holder", "clerk"),
        "查询委托 · A card's agents",
        CardIsUnknown,
    )
    async def look(
        card_id: FromPath[str], limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[AgentsAnswer]:
        page = _AGENTS.page(limit, after)

        def query(tx: Transaction) -> AgentsAnswer:
            found = store.page_of_agents(tx, card_id, page).made(agent_answer)
            return AgentsAnswer(found.rows, _AGENTS.cursor(found.last))

        return await desk.look_up(query)

    @_ROUTES.creates(
        "/v1/cards/{card_id:str}/agents/{agent_id:str}/withdrawal",
        ("holder", "clerk"),
        "收回委托 · Take a mandate back",
        *_HOLDER_REFUSALS,
        refusals.AgentIsUnknown,
        status=200,
    )
    async def withdraw(
        request: ApiRequest,
        card_id: FromPath[str],
        agent_id: FromPath[str],
        data: JSONBody[AgentWithdrawal],
    ) -> Response[AgentAnswer]:
        def work(tx: Transaction) -> AgentAnswer:
            return agent_answer(agents.withdraw(tx, card_id, agent_id, data.document, request.user))

        return await desk.perform(request, work)

    return [name, look, withdraw]


def _card_challenge(made: Challenge) -> ChallengeAnswer:
    return ChallengeAnswer(made.challenge_id, made.ends_at, made.theirs, made.ours)
