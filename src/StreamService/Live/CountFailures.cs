using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Live;

/// <summary>How often the store failed so far: <see cref="JournalDatabase.Failures"/>.</summary>
internal delegate long CountFailures();
