using Npgsql;

namespace Jobwatch.StreamService.Journal;

/// <summary>Makes snapshots of the rows of <see cref="JournalSql.Snapshots"/>, one job's after another's. It keeps what is shown, and no more.</summary>
internal sealed class SnapshotRows(SnapshotQuery query, string tenant)
{
    private const int FirstOfExecution = 10;

    private readonly List<JobSnapshot> _done = [];
    private readonly List<ExecutionRecord> _shown = [];
    private JobRecord? _job;
    private int _read;
    private int _bytes;
    private int _openLeftOut;
    private int _openRead;

    public void Take(NpgsqlDataReader reader)
    {
        if (_job?.Job.JobId != reader.GetString(0))
        {
            Complete();
            _job = CatalogRows.Job(reader, tenant);
        }

        // The newest one comes beside the open ones, and may be one too many.
        if (!reader.IsDBNull(FirstOfExecution) && _read++ < query.Read)
        {
            Take(CatalogRows.Execution(reader, FirstOfExecution));
        }
    }

    public IReadOnlyList<JobSnapshot> ToList()
    {
        Complete();
        return _done;
    }

    private void Take(ExecutionRecord record)
    {
        var isOpen = !ExecutionLife.HasEnded(record.Execution.Status);
        _openRead += isOpen ? 1 : 0;
        if (!query.Selects(record.Execution))
        {
            return;
        }

        if (_shown.Count < query.Shown && _bytes < SnapshotQuery.MaxBytes)
        {
            record.Execution.WithFloor(_job!.Head.Floor);
            _bytes += record.Execution.CalculateSize();
            _shown.Add(record);
        }
        else
        {
            _openLeftOut += isOpen ? 1 : 0;
        }
    }

    private void Complete()
    {
        if (_job is not null)
        {
            _done.Add(new JobSnapshot(_job.Head, _job.Job, [.. _shown], (int)(_job.Job.OpenExecutionCount - _openRead) + _openLeftOut));
        }

        _job = null;
        _shown.Clear();
        _read = _bytes = _openLeftOut = _openRead = 0;
    }
}
