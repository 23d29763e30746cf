"""Telegram: updates come in by webhook.py or polling.py, replies go out by channel.py. Put together by bot/app.py."""

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.connection import make_bot
from bot.channels.telegram.receiving import receive, routes

__all__ = ["TelegramChannel", "make_bot", "receive", "routes"]
