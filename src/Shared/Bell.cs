namespace Jobwatch.Shared;

/// <summary>What is rung when there is something to look at. It may ring for no reason, and from any thread.</summary>
internal abstract class Bell
{
    public abstract void Signal();
}
