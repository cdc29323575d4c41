"""Every command of `motcua` under its name."""

import typer

from bot.commands import (
    asking,
    channels,
    checking,
    database,
    decisions,
    evaluating,
    exporting,
    forms,
    importing,
    initialising,
    keys,
    pausing,
    running,
    staff,
    suggestions,
    zalo,
)

app = typer.Typer(
    name="motcua",
    help="Một Cửa: bàn hỏi đáp thủ tục hành chính.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("run")(running.run)
app.command("chat")(asking.chat)
app.command("ask")(asking.ask)
app.command("init")(initialising.init)
app.command("check")(checking.check)
app.command("import")(importing.import_)
app.command("export")(exporting.export)
app.command("evaluate")(evaluating.evaluate)
app.command("channels")(channels.channels)
app.command("pause")(pausing.pause)
app.command("resume")(pausing.resume)
app.add_typer(database.app, name="db")
app.add_typer(decisions.app, name="decision")
app.add_typer(forms.app, name="forms")
app.add_typer(keys.app, name="api-key")
app.add_typer(staff.app, name="staff")
app.add_typer(suggestions.app, name="suggestions")
app.add_typer(zalo.app, name="zalo")
