using System.ComponentModel.DataAnnotations;

namespace Jobwatch.SseEdge.Hosting;

/// <summary>Where nodes are: http or https addresses of one kind with semicolons between, or one name that is looked up, <c>dns:///HOST:PORT</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NodeAddressesAttribute : ValidationAttribute
{
    private const string Dns = "dns";

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var schemes = Split(value as string).Select(SchemeOf).ToList();
        return schemes.Count > 0 && !schemes.Contains(null) && schemes.Distinct().Count() == 1 && (schemes.Count == 1 || schemes[0] != Dns)
            ? ValidationResult.Success
            : Setting.Wrong(
                validationContext,
                value,
                "has to be an address such as http://127.0.0.1:8081, several of one kind with ; between, or one such as dns:///jobwatch-node:8081");
    }

    /// <summary>The addresses of a setting that was checked.</summary>
    public static IReadOnlyList<Uri> Parse(string addresses) => [.. Split(addresses).Select(address => new Uri(address))];

    private static string? SchemeOf(string address) =>
        HttpAddressAttribute.Parse(address) is { } http ? http.Scheme
        : Uri.TryCreate(address, UriKind.Absolute, out var name) && name is { Scheme: Dns, Host: "", AbsolutePath.Length: > 1 } ? Dns
        : null;

    private static string[] Split(string? addresses) =>
        addresses?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
