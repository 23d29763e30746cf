"""The staff console below /staff: Starlette rooms that render Jinja2 pages, kept live by htmx and server-sent events.

bot/app.py takes `routes` from here. Each room is a function of the desk (what it works with) and the visit (who asks);
bot/console/door.py is the one way in.
"""

from bot.console.routes import routes

__all__ = ["routes"]
