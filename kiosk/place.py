"""What the policy says, in the shapes that flows, presenters and the idle watch use."""

from backend_client.contract.policy import PaperRules, Policy, Words
from backend_client.policy import PolicyHolder
from kiosk.flows.happenings import Purpose
from kiosk.idle import IdleTimes
from kiosk.presenters.surroundings import Place, Texts

NOWHERE = Place(  # before the first policy nothing is offered; these words stand on the grey tile
    desk=(("zh", "附近的警务室"), ("en", "the nearest police room")),
    address=(("zh", "请拨打 110 询问"), ("en", "ask 110")),
    hours=(("zh", "白天"), ("en", "daytime")),
    phone="110",
    issuer=(("zh", "公安机关"), ("en", "the police")),
    specimen=True,
    valid_days=0,
)


class PolicyPlace:
    """Always of the policy that holds now."""

    def __init__(self, holder: PolicyHolder) -> None:
        self._holder = holder

    def place(self) -> Place:
        """Desk, bureau and validity."""
        policy = self._holder.current()
        if policy is None:
            return NOWHERE
        desk = policy.desk
        return Place(
            desk=_texts(desk.name),
            address=_texts(desk.address),
            hours=_texts(desk.hours),
            phone=desk.phone,
            issuer=_texts(policy.issuer),
            specimen=policy.specimen,
            valid_days=max((rules.validity_days for rules in policy.papers), default=0),
        )

    def purposes(self, service: str) -> tuple[Purpose, ...]:
        """What a paper may be wanted for."""
        policy = self._holder.current()
        rules = _rules(policy, service) if policy else None
        if rules is None:
            return ()
        return tuple(
            Purpose(
                purpose.id,
                _texts(purpose.title),
                purpose.book_is_enough,
                _texts(purpose.why_enough) if purpose.why_enough else (("zh", ""), ("en", "")),
                service,
            )
            for purpose in rules.purposes
        )

    def idle_times(self) -> IdleTimes:
        """Seconds until somebody is asked whether they are still there."""
        policy = self._holder.current()
        if policy is None:
            return IdleTimes()
        times = policy.timeouts
        return IdleTimes(times.idle, times.idle_accessible, times.warning, times.extensions)


def _rules(policy: Policy, kind: str) -> PaperRules | None:
    return next((rules for rules in policy.papers if rules.kind == kind), None)


def _texts(words: Words) -> Texts:
    return (("zh", words.zh), ("en", words.en))
