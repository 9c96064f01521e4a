using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Cursors;

/// <summary>Makes the cursors of one log; the hash that names the job is computed once.</summary>
internal sealed class LogCursors(JobLog log)
{
    private readonly ulong _job = Cursor.Fingerprint(log.Job);

    public Cursor After(long position) => new(_job, log.Incarnation, position);
}
