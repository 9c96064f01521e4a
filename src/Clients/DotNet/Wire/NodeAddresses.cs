namespace Jobwatch.Client.Wire;

/// <summary>Where the nodes are: one address, several, or a name that is looked up.</summary>
internal sealed class NodeAddresses
{
    /// <summary>The scheme of addresses that are given by hand.</summary>
    internal const string Static = "static";

    private const string Dns = "dns";

    internal NodeAddresses(JobwatchClientOptions options)
    {
        Fixed = options.Addresses.Count > 0 ? [.. options.Addresses.Distinct()] : [options.Address];
        var schemes = Fixed.Select(address => address.Scheme).Distinct().ToList();
        if (schemes is not ["http" or "https" or Dns] || (schemes[0] == Dns && Fixed.Count > 1))
        {
            throw new ArgumentException(
                $"The addresses {string.Join(", ", Fixed)} can't be used: give http or https addresses, all of one kind, or one such as dns:///HOST:PORT.",
                nameof(options));
        }
    }

    internal IReadOnlyList<Uri> Fixed { get; }

    internal bool AreSecure => Fixed[0].Scheme == Uri.UriSchemeHttps;

    /// <summary>What the channel is opened for. One address is balanced like several: the channel's own ways would lose it.</summary>
    internal Uri Target => IsName ? Fixed[0] : new Uri($"{Static}:///nodes");

    /// <summary>How often a call may be tried at once before it counts as refused. A name may stand for one node now and for three later.</summary>
    internal int Tries => Fixed.Count > 1 || IsName ? Math.Max(3, Fixed.Count) : 1;

    private bool IsName => Fixed[0].Scheme == Dns;
}
