namespace Jobwatch.Shared;

/// <summary>
/// Connections that the kernel keeps until a server accepts them; it keeps no more than <c>net.core.somaxconn</c> (4096 on Linux). Of those beyond
/// the first packet is dropped, and the client sends it again only after a second, then three: of 8000 browsers that came one after the
/// other as fast as they could, a dozen met that with Kestrel's 512, and none with these. With 4096 they were no sooner served, and what
/// more of them took at once stayed with node and edge: 1 and 2 KiB for each.
/// </summary>
internal static class ConnectionBacklog
{
    public const int Connections = 1024;
}
