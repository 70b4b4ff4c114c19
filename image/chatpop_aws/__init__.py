"""The overlay that runs the unmodified ChatPop on AWS; DJANGO_SETTINGS_MODULE selects it."""
