namespace Jobwatch.StreamService.Tenancy;

/// <summary>The tenant that a call's credentials stand for; a feature of the request.</summary>
internal sealed record CallerTenant(string Name);
