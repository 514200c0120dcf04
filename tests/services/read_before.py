"""What a process reads and keeps from which commands of the site are forked, see forking.py."""

from importlib import import_module

from consulta import serving

# scikit-learn is read by whoever compares texts first: every site does.
for module in ("consulta.app", "flask.cli", "gunicorn.app.wsgiapp", "gunicorn.workers.gthread", "sklearn.manifold"):
    import_module(module)

# As gunicorn does before its workers begin: it finds them read.
serving.on_starting(None)
