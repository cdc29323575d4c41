"""`motcua run`: the service, ready at once on an empty machine."""

import asyncio
import signal
import socket
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from starlette.types import ASGIApp

from bot import config, logs
from bot.api import PREFIX, Rules, make_api, mounted
from bot.app import App
from bot.campaigns.joining import StoredSubscriptions
from bot.channels import Answer, Channel, at_once
from bot.channels.web import WebChannel, WebOptions, listen, serve
from bot.collecting import set_aside
from bot.commands import command, say
from bot.commands.campaigning import TICK_SECONDS, campaigning, make_sender, opened, reach, stopping_first
from bot.commands.connecting import at_work, chat_channels, with_webhooks
from bot.config import ConfigProblem, Settings
from bot.gate import Gate, Limits, Pause
from bot.inbox import Inbox
from bot.moment import utc_now
from bot.pages import PublicPages
from bot.staff import TalkRoom, beside, make_room, make_staff
from bot.storage import schema
from bot.storage.api_keys import StoredApiKeys
from bot.storage.engine import make_engine, make_sessions
from bot.storage.news import StoredNews
from bot.storage.service_state import StoredPause
from knowledge.faults import why
from knowledge.forms.registry import Forms, KeptForms
from knowledge.importing import import_starter
from knowledge.store import counts


async def _run() -> None:
    """Chạy dịch vụ; in địa chỉ trang trò chuyện; Ctrl-C để dừng."""
    settings = config.load()
    logs.set_up(settings.log_level)
    _stop_on_signals()
    listener = _listener(settings)
    try:
        await asyncio.to_thread(schema.upgrade, settings.database_url)
        await _load_starter_if_empty(settings)
        app = await App.open(settings)
        try:
            async with chat_channels(settings, app.engine, app.now, app.handovers) as channels:
                app.outgoing.add(*channels)
                await _serve(app, channels, listener)
        finally:
            await app.close()
    except asyncio.CancelledError:
        say("Đã dừng.")
    finally:
        listener.close()


def event_loop() -> asyncio.AbstractEventLoop:
    """The faster one of Linux; where it is not to be had, Python's own."""
    if sys.platform == "linux":
        try:
            import uvloop
        except ImportError:
            return asyncio.new_event_loop()
        return uvloop.new_event_loop()
    return asyncio.new_event_loop()


run = command(_run, event_loop)


def _stop_on_signals() -> None:
    task = asyncio.current_task()
    if task is None:
        raise RuntimeError("no running task")
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)


def _listener(settings: Settings) -> socket.socket:
    host, port = settings.web.host, settings.web.port
    try:
        return listen(host, port)
    except OSError as error:
        raise ConfigProblem(
            f"Không mở được {host}:{port} ({why(error)}). Đổi web.port trong config.toml hoặc biến MOTCUA_WEB__PORT."
        ) from error


async def _load_starter_if_empty(settings: Settings) -> None:
    engine = make_engine(settings.database_url)
    try:
        async with make_sessions(engine)() as session:
            empty = not await counts(session)
        if empty:
            say("Cơ sở dữ liệu còn trống: đang nạp dữ liệu khởi đầu.")
            await import_starter(make_sessions(engine), publish=True, dry_run=False, now=utc_now())
    finally:
        await engine.dispose()


async def _serve(app: App, channels: Sequence[Channel], listener: socket.socket) -> None:
    clock = app.clock()
    settings = app.settings
    forms = KeptForms(make_sessions(app.engine), Path(settings.knowledge.forms_folder)).current
    pages = PublicPages(
        lambda: app.base,
        app.base.profile,
        now=app.now,
        counts=app,
        address=settings.web.address,
        forms=forms,
        news=StoredNews(app.engine),
        also=opened(app.engine),
    )
    await pages.warm()
    await app.warm()
    set_aside()
    limits = settings.limits
    gate = Gate(Limits(citizen=limits.citizen_per_minute, channel=limits.channel_per_minute), time.monotonic)
    pause = Pause(StoredPause(app.engine), time.monotonic)
    writing = StoredSubscriptions(app.engine, app.now, reach(settings, channels).channels)
    dispatch = app.dispatch(writing)
    answer = stopping_first(dispatch.answer, pause.answer(gate.answer(dispatch.answer)))
    inbox = Inbox(app.inbox, now=app.now, admits=gate.admits)
    web = WebChannel(
        app.conversations,
        app.base.profile,
        now=app.now,
        serve=lambda asgi: serve(
            with_webhooks(_with_staff(app, _with_api(app, asgi, answer, forms), (*channels, web)), channels, inbox),
            listener,
            lambda: _announce(listener),
        ),
        ready=app.ready,
        options=WebOptions(
            kept_days=settings.retention.conversation_days,
            record_days=settings.retention.answer_days,
            embed_sites=settings.web.embed_sites,
            secure_cookies=settings.web.secure_cookies,
            entry=lambda name: app.base.faq(name),
            forms=forms,
        ),
        site=pages,
    )
    app.outgoing.add(web)
    sender = make_sender(settings, app.engine, channels, app.now)
    clock.every(TICK_SECONDS, sender.tick, "campaigns")
    clock.start()
    try:
        async with at_work(channels, inbox, answer, sender.run):
            await web.run(gate.openly(at_once(web.handle, answer)))
    finally:
        clock.stop()


def _with_api(app: App, web: ASGIApp, answer: Answer, forms: Forms) -> ASGIApp:
    settings = app.settings.api
    if not settings.enabled:
        return web
    rules = Rules(require_key=settings.require_key, per_minute=settings.per_minute, cors_origins=settings.cors_origins)
    keys = StoredApiKeys(app.engine)
    api = make_api(answer, lambda: app.base, keys=keys, now=app.now, rules=rules, forms=forms)
    return mounted(web, api, PREFIX)


def _with_staff(app: App, web: ASGIApp, channels: Sequence[Channel]) -> ASGIApp:
    settings = app.settings.staff
    if not settings.enabled:
        return web
    room = make_room(
        app.engine,
        lambda: app.base,
        app.base.profile,
        app.now,
        lasting=app.staff_lasting,
        secure_cookies=app.settings.web.secure_cookies,
        channels={channel.name: channel.send for channel in channels if channel.capabilities.proactive},
        agreement=app.settings.learning.agreement,
        news=StoredNews(app.engine).between,
        talks=TalkRoom(app.handovers, app.post) if app.handovers else None,
        watch=app.watch,
        campaigning=campaigning(app.settings, channels, app.now),
    )
    room.frame.warm()
    return beside(web, make_staff(room))


def _announce(listener: socket.socket) -> None:
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    say(f"Trang trò chuyện: http://{shown}:{port}/  (Ctrl-C để dừng)")
