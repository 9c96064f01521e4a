namespace Jobwatch.StreamService.Journal;

/// <summary>Names a job. The tenant comes from the caller's credentials, never from a request.</summary>
internal readonly record struct JobKey(string Tenant, string JobId);
