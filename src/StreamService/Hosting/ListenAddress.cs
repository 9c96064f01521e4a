using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Jobwatch.StreamService.Hosting;

/// <summary>An address to listen on, from a setting such as <c>http://127.0.0.1:8081</c>.</summary>
/// <param name="Host">An IP address, <c>localhost</c>, or <c>*</c> for all of the machine's addresses.</param>
/// <param name="Port">The port; 0 for any free one.</param>
internal sealed record ListenAddress(string Host, int Port)
{
    public const string Form = "http://HOST:PORT, where HOST is an IP address, localhost, or * for all of the machine's addresses";

    public static ListenAddress? TryParse(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            var host = address.Host is "*" or "+" ? "*" : address.Host;
            var isKnown = host is "*" or "localhost" || IPAddress.TryParse(host.Trim('[', ']'), out _);
            return address.Scheme == "http" && isKnown && address.PathBase.Length == 0 && address.Port <= IPEndPoint.MaxPort
                ? new ListenAddress(host, address.Port)
                : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    public void Listen(KestrelServerOptions kestrel, Action<ListenOptions> configure)
    {
        switch (Host)
        {
            case "*":
                kestrel.ListenAnyIP(Port, configure);
                break;
            case "localhost":
                kestrel.ListenLocalhost(Port, configure);
                break;
            default:
                kestrel.Listen(IPAddress.Parse(Host.Trim('[', ']')), Port, configure);
                break;
        }
    }
}
