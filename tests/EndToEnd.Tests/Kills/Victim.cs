namespace Jobwatch.EndToEnd.Tests.Kills;

/// <summary>Whom kill -9 meets.</summary>
public enum Victim
{
    PostgreSql,
    Node,
    Edge,
}
