"""What is to be described: a procedure, the parts asked, the day, the office that answers."""

from dataclasses import dataclass, field
from datetime import date

from knowledge.entries import Aspect, LocalOverlay, Method, OfficeProfile, Procedure, SubmissionChannel

CHANNEL_NAMES = {
    SubmissionChannel.DIRECT: "trực tiếp",
    SubmissionChannel.ONLINE: "trực tuyến",
    SubmissionChannel.POSTAL: "bưu chính",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request. case: the case chosen by button (1-based); whole: nothing is to be shortened."""

    procedure: Procedure
    today: date
    aspects: tuple[Aspect, ...] = ()
    profile: OfficeProfile = field(default_factory=OfficeProfile)
    overlay: LocalOverlay | None = None
    case: int | None = None
    whole: bool = False

    def methods(self, channel: SubmissionChannel) -> tuple[Method, ...]:
        """How the procedure is submitted by this channel (several where it depends on the case); () if it is not."""
        return tuple(method for method in self.procedure.methods if method.channel is channel)

    @property
    def channels(self) -> tuple[SubmissionChannel, ...]:
        """The channels the source names, the counter first."""
        return tuple(channel for channel in CHANNEL_NAMES if self.methods(channel))

    def local(self, sentence: str) -> str:
        """A sentence of the office itself, marked as its own with its source; "" for an empty one."""
        if not sentence or self.overlay is None:
            return ""
        source = f" (theo {self.overlay.source})" if self.overlay.source else ""
        return f"Tại {self.profile.name or 'cơ quan này'}: {sentence.rstrip('. ')}{source}."
