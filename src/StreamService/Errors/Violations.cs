namespace Jobwatch.StreamService.Errors;

/// <summary>
/// Collects what is wrong with a request, so that the caller learns it all at once; up to <see cref="Max"/>, and <see cref="MaxChars"/> of
/// them but for the first: a status travels in headers, and some gRPC clients take no more than 8 KB of those.
/// </summary>
internal sealed class Violations
{
    public const int Max = 20;

    public const int MaxChars = 3000;

    private readonly List<FieldViolation> _found = [];
    private int _chars;
    private bool _isFull;

    /// <summary>Whether looking for more is of no use.</summary>
    public bool IsFull => _isFull || _found.Count >= Max;

    public void Add(string reason, string field, string description) => Add(new FieldViolation(reason, field, description));

    public void Add(FieldViolation violation)
    {
        _chars += violation.Field.Length + violation.Description.Length;
        _isFull = IsFull || (_found.Count > 0 && _chars > MaxChars);
        if (!_isFull)
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
            throw RpcErrors.InvalidFields(_found, areAll: !IsFull);
        }
    }
}
