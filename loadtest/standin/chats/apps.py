"""The stand-in's `chats` application."""

from django.apps import AppConfig


class ChatsConfig(AppConfig):
    """Same label and table names as ChatPop's."""

    name = "chats"
