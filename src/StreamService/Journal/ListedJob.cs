namespace Jobwatch.StreamService.Journal;

/// <summary>A job of a tenant's list, and where its log stands.</summary>
internal readonly record struct ListedJob(JobKey Job, long Incarnation, long Floor, long Head);
