using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Jobwatch.StreamService.Hosting;

/// <summary>Why a node could not start, as lines for the person who started it.</summary>
internal static class StartFailure
{
    /// <summary>The exit code of a node that its settings, or something that has its port, kept from starting.</summary>
    public const int ExitCode = 2;

    /// <summary>Lines that name the setting, its value and the remedy; none if the failure isn't one of settings.</summary>
    public static IReadOnlyList<string> Explain(Exception error, IConfiguration? configuration) => error switch
    {
        OptionsValidationException invalid => [.. invalid.Failures],
        // The binder's message names the setting, its value and the type that it has to be of.
        InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } unreadable => [unreadable.Message],
        AggregateException several => [.. several.InnerExceptions.SelectMany(inner => Explain(inner, configuration))],
        IOException { InnerException: AddressInUseException } => [$"{Address(error.Message, configuration)} is in use: end the program that has it, or choose another port."],
        SocketException => [$"{Address("", configuration)} can't be listened on ({error.Message}): choose another address or port."],
        _ => [],
    };

    // Kestrel names the address in some of its messages, and in others neither address nor setting.
    private static string Address(string message, IConfiguration? configuration)
    {
        var node = configuration?.GetSection(NodeOptions.Section).Get<NodeOptions>() ?? new NodeOptions();
        var grpc = $"Node:GrpcUrl (environment: Node__GrpcUrl), {node.GrpcUrl},";
        var monitoring = $"Node:MonitoringUrl (environment: Node__MonitoringUrl), {node.MonitoringUrl},";
        return (Names(message, node.GrpcUrl), Names(message, node.MonitoringUrl)) switch
        {
            (true, _) => grpc,
            (_, true) => monitoring,
            _ when node.MonitoringUrl.Length == 0 => grpc,
            _ => $"{grpc} or {monitoring}",
        };
    }

    private static bool Names(string message, string url) =>
        ListenAddress.TryParse(url) is { } address && message.Contains($":{address.Port}:", StringComparison.Ordinal);
}
