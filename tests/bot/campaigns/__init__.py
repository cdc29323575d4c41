"""Tests of bot.campaigns."""
