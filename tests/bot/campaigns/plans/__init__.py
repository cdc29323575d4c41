"""Tests of bot.campaigns.plans."""
