"""`motcua check`: what is wrong here, and how to mend it."""

import importlib.metadata
import importlib.util
import os
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from bot import config
from bot.channel_states import states
from bot.commands import command, say
from bot.commands.connecting import chat_channels
from bot.commands.opening import require_newest
from bot.config import ConfigProblem, Settings
from bot.moment import VIETNAM, utc_now
from bot.storage.engine import DatabaseTooNew, StorageProblem, make_engine
from bot.storage.inbox import StoredInbox
from bot.storage.service_state import StoredSends
from bot.upkeep import Upkeep
from knowledge.opening import hours_of
from knowledge.store import load_publication
from knowledge.workdays import Workdays

PACKAGES = ("bot", "handlers", "knowledge")
OWN = "motcua"
UPGRADE = "motcua db upgrade (hoặc kiểm tra database_url)"
NEWER_PROGRAM = "cài bản chương trình mới hơn, hoặc khôi phục bản sao lưu cũ (motcua db restore)"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. mend: what to do when it is not well."""

    name: str
    well: bool
    detail: str
    mend: str = ""


@command
async def check(quiet: Annotated[bool, typer.Option("--quiet", help="Chỉ in điều chưa ổn.")] = False) -> None:
    """Kiểm tra cấu hình, cơ sở dữ liệu, dữ liệu, kênh và gói cài đặt; mã thoát 1 nếu có điều chưa ổn."""
    settings = config.load()
    findings = [_configuration(settings), *_packages(), *await _database(settings), _web(settings)]
    findings += await _platforms(settings)
    for finding in findings:
        if finding.well and quiet:
            continue
        say(f"{'✓' if finding.well else '✗'} {finding.name}: {finding.detail}")
        if not finding.well and finding.mend:
            say(f"    Cách sửa: {finding.mend}")
    if not all(finding.well for finding in findings):
        raise typer.Exit(1)


def _configuration(settings: Settings) -> Finding:
    path = config.config_file()
    office = settings.office.name or "chưa đặt cơ quan (cả nước như nhau)"
    where = str(path) if path.is_file() else "mặc định, chưa có config.toml"
    return Finding("Cấu hình", True, f"{where}; cơ quan: {office}")


def _packages() -> list[Finding]:
    """Other distributions that bring a package of one of our names would shadow ours, or be shadowed."""
    home = Path(__file__).resolve().parent.parent.parent
    providers = importlib.metadata.packages_distributions()
    findings = []
    for name in PACKAGES:
        strangers = sorted(set(providers.get(name, [])) - {OWN})
        spec = importlib.util.find_spec(name)
        where = Path(spec.origin).resolve().parent.parent if spec and spec.origin else None
        if where != home:
            strangers.append(str(where))
        findings.append(
            Finding(
                f"Gói {name}",
                not strangers,
                "của Một Cửa" if not strangers else "trùng tên với " + ", ".join(strangers),
                "gỡ gói lạ (pip uninstall) hoặc cài Một Cửa vào môi trường .venv riêng: make setup",
            )
        )
    return findings


async def _database(settings: Settings) -> list[Finding]:
    try:
        await require_newest(settings.database_url)
    except StorageProblem as problem:
        mend = NEWER_PROGRAM if isinstance(problem, DatabaseTooNew) else UPGRADE
        return [Finding("Cơ sở dữ liệu", False, str(problem), mend)]
    engine = make_engine(settings.database_url)
    try:
        connected = Finding("Cơ sở dữ liệu", True, "kết nối được, đúng phiên bản")
        found = [connected, await _knowledge(engine), *await _handover(settings, engine)]
        return [*found, await _portal(settings, engine), *_drop_folder(settings)]
    finally:
        await engine.dispose()


async def _knowledge(engine: AsyncEngine) -> Finding:
    async with AsyncSession(engine) as session:
        published = await load_publication(session, utc_now().astimezone(VIETNAM).date())
    count = f"{len(published.procedures)} thủ tục, {len(published.faqs)} câu hỏi đáp đang có hiệu lực"
    well = bool(published.procedures or published.faqs)
    return Finding("Dữ liệu", well, count, "motcua import starter --publish")


async def _handover(settings: Settings, engine: AsyncEngine) -> list[Finding]:
    """Whether citizens can be handed over, where that is switched on: it needs hours that can be read."""
    if not settings.handover.enabled:
        return []
    if not settings.staff.enabled:
        return [Finding("Gặp cán bộ", False, "trang cán bộ đang tắt", "bật staff.enabled, hoặc tắt handover.enabled")]
    async with AsyncSession(engine) as session:
        published = await load_publication(session, utc_now().astimezone(VIETNAM).date())
    hours = hours_of(settings.profile(), published.offices, Workdays())
    detail = f"trong giờ làm việc: {hours}" if hours.known else "chưa đọc được giờ làm việc nên không nhận chờ"
    mend = "ghi office.hours (hoặc giờ ở mục cơ quan), ví dụ: Thứ Hai đến thứ Sáu: 7h30–11h30, 13h30–17h"
    return [Finding("Gặp cán bộ", hours.known, detail, mend)]


async def _portal(settings: Settings, engine: AsyncEngine) -> Finding:
    if not settings.portal.nightly:
        return Finding("Cổng quốc gia", True, "chưa bật đọc mỗi đêm (portal.nightly)")
    alarm = await Upkeep(settings.portal, engine, utc_now).alarm()
    if alarm:
        mend = "motcua import portal --all để xem lỗi; hoặc dùng portal.drop_folder; hoặc tắt portal.nightly"
        return Finding("Cổng quốc gia", False, str(alarm), mend)
    return Finding("Cổng quốc gia", True, f"đọc mỗi đêm lúc {settings.portal.hour} giờ")


def _drop_folder(settings: Settings) -> list[Finding]:
    if not settings.portal.drop_folder:
        return []
    folder = Path(settings.portal.drop_folder)
    well = folder.is_dir() and os.access(folder, os.R_OK | os.W_OK | os.X_OK)
    detail = f"{folder} sẵn sàng" if well else f"{folder} không có hoặc không ghi được"
    return [
        Finding("Thư mục nhận tệp", well, detail, f"mkdir -p {folder} và cấp quyền ghi cho người dùng chạy dịch vụ")
    ]


async def _platforms(settings: Settings) -> list[Finding]:
    """Each chat platform that is switched on, as it answers from this network."""
    engine = make_engine(settings.database_url)
    try:
        async with chat_channels(settings, engine, utc_now) as channels:
            return [
                Finding(f"Kênh {state.name}", state.health.well, state.detail, state.health.mend)
                for state in await states(channels, StoredInbox(engine), StoredSends(engine))
            ]
    except ConfigProblem as problem:
        return [Finding("Kênh chat", False, str(problem), "sửa config.toml hoặc biến môi trường")]
    finally:
        await engine.dispose()


def _web(settings: Settings) -> Finding:
    """The web channel is well when its port is free, or already served (by this desk, it is to be hoped)."""
    host, port = settings.web.host, settings.web.port
    try:
        with socket.create_connection((host, port), timeout=1):
            return Finding("Kênh web", True, f"cổng {port} đang có dịch vụ chạy ở {host}")
    except OSError:
        pass
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        return Finding("Kênh web", False, f"không mở được {host}:{port} ({error})", "đổi web.host, web.port")
    return Finding("Kênh web", True, f"{host}:{port} sẵn sàng")
