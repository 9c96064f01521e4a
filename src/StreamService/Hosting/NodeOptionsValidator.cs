using Microsoft.Extensions.Options;

namespace Jobwatch.StreamService.Hosting;

/// <summary>Refuses addresses that can't be listened on, by setting and value.</summary>
internal sealed class NodeOptionsValidator : IValidateOptions<NodeOptions>
{
    public ValidateOptionsResult Validate(string? name, NodeOptions options)
    {
        var failures = new List<string>();
        if (ListenAddress.TryParse(options.GrpcUrl) is null)
        {
            failures.Add($"Node:GrpcUrl is '{options.GrpcUrl}'; it has to be {ListenAddress.Form}.");
        }

        if (options.MonitoringUrl.Length > 0 && ListenAddress.TryParse(options.MonitoringUrl) is null)
        {
            failures.Add($"Node:MonitoringUrl is '{options.MonitoringUrl}'; it has to be empty or {ListenAddress.Form}.");
        }

        return failures.Count > 0 ? ValidateOptionsResult.Fail(failures) : ValidateOptionsResult.Success;
    }
}
