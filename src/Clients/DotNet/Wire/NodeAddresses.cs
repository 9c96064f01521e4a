namespace Jobwatch.Client.Wire;

/// <summary>Where the nodes are: one address, several, or a name that is looked up.</summary>
internal sealed class NodeAddresses
{
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

    /// <summary>Whether calls are spread. A name may stand for one node now and for three later.</summary>
    internal bool AreSeveral => Fixed.Count > 1 || Fixed[0].Scheme == Dns;

    /// <summary>What the channel is opened for; <c>static</c> is the scheme of addresses that are given by hand.</summary>
    internal Uri Target => Fixed.Count > 1 ? new Uri("static:///nodes") : Fixed[0];

    /// <summary>How often a call may be tried at once before it counts as refused.</summary>
    internal int Tries => AreSeveral ? Math.Max(3, Fixed.Count) : 1;
}
