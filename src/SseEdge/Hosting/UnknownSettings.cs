using Jobwatch.SseEdge.Streaming;
using Microsoft.Extensions.Options;

namespace Jobwatch.SseEdge.Hosting;

/// <summary>
/// Refuses what is in the section <c>Edge</c> but no setting. The binder passes over it, and an operator who misspelt a limit would
/// believe that it holds.
/// </summary>
internal sealed class UnknownSettings(IConfiguration configuration) : IValidateOptions<EdgeOptions>
{
    // The section is bound to both.
    private static readonly string[] Known =
        [.. new[] { typeof(EdgeOptions), typeof(StreamingOptions) }.SelectMany(options => options.GetProperties()).Select(one => one.Name)];

    public ValidateOptionsResult Validate(string? name, EdgeOptions options)
    {
        var unknown = configuration.GetSection(Setting.Section).GetChildren()
            .Where(given => !Known.Contains(given.Key, StringComparer.OrdinalIgnoreCase))
            .Select(given => $"{Setting.Section}__{given.Key}={given.Value}: is no setting; here are {string.Join(", ", Known)}.")
            .ToList();
        return unknown.Count > 0 ? ValidateOptionsResult.Fail(unknown) : ValidateOptionsResult.Success;
    }
}
