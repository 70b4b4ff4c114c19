"""What ChatPop needs to run on AWS, laid over the unmodified application by DJANGO_SETTINGS_MODULE."""
