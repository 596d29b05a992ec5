"""The only words the services share: frozen models and the errors a handler may raise."""
