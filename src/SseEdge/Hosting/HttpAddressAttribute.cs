using System.ComponentModel.DataAnnotations;

namespace Jobwatch.SseEdge.Hosting;

/// <summary>An http or https address: scheme, host and port, without a path.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class HttpAddressAttribute : ValidationAttribute
{
    /// <summary>It is one to listen on: its host can't be a name that somebody would have to look up.</summary>
    public bool Listens { get; init; }

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        Parse(value as string) is { } address && (!Listens || address.HostNameType != UriHostNameType.Dns || address.Host == "localhost")
            ? ValidationResult.Success
            : Setting.Wrong(validationContext, value, "has to be an address such as http://127.0.0.1:8080");

    /// <summary>The address, or null if it isn't one. The host <c>*</c> is read as <c>[::]</c>, all interfaces.</summary>
    public static Uri? Parse(string? address) =>
        Uri.TryCreate(address?.Replace("://*", "://[::]", StringComparison.Ordinal), UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri is { AbsolutePath: "/", Query: "", UserInfo: "" }
            ? uri
            : null;
}
