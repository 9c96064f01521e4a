using Jobwatch.StreamService.Settings;
using Microsoft.Extensions.Options;

namespace Jobwatch.StreamService.Retention;

/// <summary>Refuses to start with a rule that can't be meant so.</summary>
internal sealed class RetentionRulesCheck : IValidateOptions<RetentionOptions>
{
    private static readonly TimeSpan LeastAge = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeastExecutionAge = TimeSpan.FromHours(1);

    public ValidateOptionsResult Validate(string? name, RetentionOptions options)
    {
        var failures = options.Rules.SelectMany((rule, i) => Faults(rule).Select(
            fault => $"{SettingName.Of(RetentionOptions.Section, $"Rules:{i}:{fault.Name}")} is '{fault.Value}'; {fault.Remedy}.")).ToList();
        return failures.Count > 0 ? ValidateOptionsResult.Fail(failures) : ValidateOptionsResult.Success;
    }

    private static IEnumerable<(string Name, string Value, string Remedy)> Faults(RetentionRule rule)
    {
        // The name of a tenant is given in full, or not at all: tenants are not grouped by their names.
        if (rule.Tenant.Length == 0 || (rule.Tenant != "*" && rule.Tenant.Contains('*', StringComparison.Ordinal)))
        {
            yield return (nameof(rule.Tenant), rule.Tenant, "it has to be a tenant, or * for all");
        }

        if (rule.Job.Length == 0 || rule.Job.AsSpan()[..^1].Contains('*'))
        {
            yield return (nameof(rule.Job), rule.Job, "it has to be a job, or the beginning of jobs' ids and a * behind it, or * for all");
        }

        if (rule.MaxAge < LeastAge)
        {
            yield return (nameof(rule.MaxAge), $"{rule.MaxAge:c}", $"it has to be {LeastAge} or more");
        }

        if (rule.MaxEvents < 1)
        {
            yield return (nameof(rule.MaxEvents), $"{rule.MaxEvents}", "it has to be 1 or more");
        }

        if (rule.ExecutionMaxAge < LeastExecutionAge)
        {
            yield return (nameof(rule.ExecutionMaxAge), $"{rule.ExecutionMaxAge:c}", $"it has to be {LeastExecutionAge} or more");
        }
    }
}
