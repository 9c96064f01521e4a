using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Live;

/// <summary>Reads the store: <see cref="JournalReader.ReadAsync"/>.</summary>
internal delegate Task<EventPage> ReadPage(JobLog log, long after, int maxEvents, int maxBytes, CancellationToken cancellation);
