"""What records tell somebody of their own flats, in the shapes that the flows of 租房与门禁 use."""

from backend_client.contract import tenancies as wire
from backend_client.contract.policy import GateRules, TenancyRules
from civic.masking import Personal, PersonalText
from forms.paper import CHINA_TIME
from kiosk.flows import tenancy_told as flow


def told(own: wire.OwnTenancies, rules: TenancyRules, gate: GateRules | None) -> flow.Own:
    """All of it, with what screens say of the rules. Without rules for gates no face is offered."""
    return flow.Own(
        tuple(_right(each) for each in own.rights),
        tuple(_ask(each) for each in own.asks),
        tuple(_let(each) for each in own.let),
        face=gate is not None,
        silence_days=rules.silence_days,
        objection_hours=rules.objection_hours,
        mediation=(("zh", rules.mediation.zh), ("en", rules.mediation.en)),
    )


def _right(right: wire.OwnRight) -> flow.OwnRight:
    return flow.OwnRight(
        right.ref,
        right.kind.value,
        right.state.value,
        _address(right.address),
        right.starts_on,
        right.ends_on,
        right.grace_until,
        right.others,
        right.filing_number,
        _missing(right.missing),
        right.renewal_until,
        right.goes_on_at.astimezone(CHINA_TIME) if right.goes_on_at else None,
        right.permit_from,
        tuple(_way(each) for each in right.ways),
        right.choosing,
        _registered(right.registered),
    )


def _way(way: wire.OwnWay) -> flow.OwnWay:
    return flow.OwnWay(way.ref, way.kind.value, way.since, way.label, way.until, way.waiting)


def _ask(ask: wire.Ask) -> flow.Ask:
    return flow.Ask(
        ask.ref,
        ask.kind.value,
        _address(ask.address),
        ask.name,
        ask.starts_on,
        ask.ends_on,
        ask.until.astimezone(CHINA_TIME),
        ask.goes_on,
    )


def _let(let: wire.LetFlat) -> flow.LetFlat:
    return flow.LetFlat(
        let.tenancy,
        _address(let.address),
        let.tenant,
        let.state.value,
        let.starts_on,
        let.ends_on,
        let.people,
        let.filing_number,
        _missing(let.missing),
        let.goes_on_at.astimezone(CHINA_TIME) if let.goes_on_at else None,
        _registered(let.registered),
    )


def _registered(said: wire.Registered | None) -> flow.Registered | None:
    if said is None:
        return None
    at = said.at.astimezone(CHINA_TIME)
    return flow.Registered(said.number, at, said.starts_on, said.ends_on, said.people, said.renewed, said.ended)


def _missing(missing: tuple[wire.Missing, ...]) -> tuple[str, ...]:
    return tuple(each.value for each in missing)


def _address(address: str) -> Personal:
    return PersonalText(address)
