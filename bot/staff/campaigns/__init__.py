"""The pages of the campaigns: written, looked at by somebody else, sent, followed, and accounted for."""

from functools import partial

from bot.staff.campaigns import consents, files, listing, one, progress, units, writing
from bot.staff.campaigns.addresses import (
    ADDRESS,
    APPROVERS,
    CONSENTS,
    LARGEST_FORM,
    NEW,
    ONE,
    READY_MADE,
    UNITS,
    WHO,
    WRITERS,
)
from bot.staff.page import Page, Section
from bot.staff.room import Room


def section(room: Room) -> Section:
    """The pages; those with words in their address before those with a number."""
    looking = {
        ADDRESS: listing.show,
        READY_MADE: listing.show_ready_made,
        UNITS: units.show,
        ONE: one.show,
        f"{ONE}/tep": files.show,
        f"{ONE}/tien-do": progress.show,
        f"{ONE}/nguoi-nhan": progress.recipients,
    }
    doing = {
        UNITS: (units.invite, WRITERS),
        f"{UNITS}/dong": (units.close, WRITERS),
        CONSENTS: (consents.look, APPROVERS),
        f"{ONE}/gui-duyet": (one.submit, WRITERS),
        f"{ONE}/tra-lai": (one.send_back, APPROVERS),
        f"{ONE}/duyet": (one.approve, APPROVERS),
        f"{ONE}/hen-gui": (one.schedule, APPROVERS),
        f"{ONE}/tam-dung": (one.pause, WHO),
        f"{ONE}/tiep-tuc": (one.resume, WHO),
        f"{ONE}/huy": (one.cancel, WHO),
        f"{ONE}/gui-lai": (one.resend, WHO),
        f"{ONE}/xuat": (progress.export, WHO),
    }
    form = {"roles": WRITERS, "method": "POST", "largest": LARGEST_FORM}
    return Section(
        pages=(
            Page(address=CONSENTS, answer=partial(consents.show, room), roles=APPROVERS),
            Page(address=NEW, answer=partial(writing.show_new, room), roles=WRITERS),
            Page(address=NEW, answer=partial(writing.create, room), **form),  # type: ignore[arg-type]
            *(
                Page(
                    address=address,
                    answer=partial(show, room),
                    roles=WHO,
                    menu="Chiến dịch" if address == ADDRESS else "",
                )
                for address, show in looking.items()
            ),
            Page(address=f"{ONE}/sua", answer=partial(writing.show_edit, room), roles=WRITERS),
            Page(address=f"{ONE}/sua", answer=partial(writing.edit, room), **form),  # type: ignore[arg-type]
            *(
                Page(address=address, answer=partial(do, room), roles=who, method="POST")
                for address, (do, who) in doing.items()
            ),
        ),
        attention=partial(listing.waiting, room),
    )
