using Npgsql;

namespace Jobwatch.StreamService.Journal;

/// <summary>
/// Deletes jobs. One statement takes the job's row away and archives its stream: from then on nothing finds the job and nothing
/// is appended to it. Its events and executions go later, in small pieces, by whoever trims history.
/// </summary>
internal sealed class JobDeletion(JournalDatabase database, CommitFeed feed, ILogger<JobDeletion> logger)
{
    /// <summary>Deletes the present incarnation; false if there is no such job.</summary>
    public async Task<bool> DeleteAsync(JobKey job, CancellationToken cancellation)
    {
        var incarnation = await database.QueryAsync(
            async connection =>
            {
                await using var command = new NpgsqlCommand(JournalSql.DeleteJob, connection);
                command.Parameters.Add(new() { Value = job.Tenant });
                command.Parameters.Add(new() { Value = job.JobId });
                return (long?)await command.ExecuteScalarAsync(cancellation);
            },
            cancellation);
        if (incarnation is not { } deleted)
        {
            return false;
        }

        feed.PublishDeleted(new JobLog(job, deleted));
        Log.JobDeleted(logger, job.Tenant, job.JobId, deleted);
        return true;
    }
}
