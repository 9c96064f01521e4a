namespace Jobwatch.StreamService.Journal;

/// <summary>PostgreSQL can't be reached or refuses for now. Nothing is known to have been stored; the same call may work later.</summary>
internal sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
