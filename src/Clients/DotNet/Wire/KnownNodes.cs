namespace Jobwatch.Client.Wire;

/// <summary>What a client has found out about its nodes.</summary>
internal sealed record KnownNodes(ShunnedNodes Shunned, StrangeNodes Strange)
{
    internal KnownNodes(TimeProvider time)
        : this(new ShunnedNodes(time), new StrangeNodes())
    {
    }
}
