namespace Jobwatch.StreamService.Errors;

/// <summary>Collects what is wrong with a request, so that the caller learns it all at once; up to <see cref="Max"/>.</summary>
internal sealed class Violations
{
    public const int Max = 20;

    private readonly List<FieldViolation> _found = [];

    /// <summary>Whether looking for more is of no use.</summary>
    public bool IsFull => _found.Count >= Max;

    public void Add(string reason, string field, string description) => Add(new FieldViolation(reason, field, description));

    public void Add(FieldViolation violation)
    {
        if (!IsFull)
        {
            _found.Add(violation);
        }
    }

    public void AddUnlessValid(string id, string field)
    {
        if (!Identifiers.IsValid(id))
        {
            Add(Identifiers.Violation(id, field));
        }
    }

    public void ThrowIfAny()
    {
        if (_found.Count > 0)
        {
            throw RpcErrors.InvalidFields(_found);
        }
    }
}
