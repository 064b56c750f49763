"""What papermill loads at its own import: the engine's name and way in, without loading anything yet."""


class HelhedEngine:
    """Stands in for `helhed.engine.papermill_engine.NamedEngine` until a notebook is to be run."""

    @staticmethod
    def execute_notebook(*arguments, **settings):
        """Run a notebook."""
        return _engine().execute_notebook(*arguments, **settings)

    @staticmethod
    def nb_kernel_name(*arguments, **settings):
        """Return the name of the notebook's kernel."""
        return _engine().nb_kernel_name(*arguments, **settings)

    @staticmethod
    def nb_language(*arguments, **settings):
        """Return the notebook's language."""
        return _engine().nb_language(*arguments, **settings)


def _engine():
    from helhed.engine.papermill_engine import NamedEngine

    return NamedEngine
