using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Jobwatch.Architecture.Tests;

/// <summary>What a type's IL names: signatures, attributes and the bodies of its methods, those that the compiler took out of them too.</summary>
internal static class References
{
    /// <summary>The types that a type names, without generic arguments and array marks, each once.</summary>
    public static HashSet<TypeReference> Of(TypeDefinition type)
    {
        var found = new HashSet<TypeReference>(ByName.Instance);
        Add(found, type.BaseType);
        AddAttributes(found, type);
        type.Interfaces.ToList().ForEach(implemented => Add(found, implemented.InterfaceType));
        type.GenericParameters.SelectMany(parameter => parameter.Constraints).ToList().ForEach(constraint => Add(found, constraint.ConstraintType));
        foreach (var field in type.Fields)
        {
            Add(found, field.FieldType);
        }

        foreach (var method in type.Methods)
        {
            AddSignature(found, method);
            AddAttributes(found, method);
            if (method.HasBody)
            {
                AddBody(found, method.Body);
            }
        }

        foreach (var nested in type.NestedTypes)
        {
            found.UnionWith(Of(nested));
        }

        return found;
    }

    private static void AddBody(HashSet<TypeReference> found, MethodBody body)
    {
        foreach (var local in body.Variables)
        {
            Add(found, local.VariableType);
        }

        foreach (var caught in body.ExceptionHandlers)
        {
            Add(found, caught.CatchType);
        }

        foreach (var instruction in body.Instructions)
        {
            switch (instruction.Operand)
            {
                case TypeReference type:
                    Add(found, type);
                    break;
                case FieldReference field:
                    Add(found, field.DeclaringType);
                    Add(found, field.FieldType);
                    break;
                case MethodReference method:
                    Add(found, method.DeclaringType);
                    AddSignature(found, method);
                    break;
            }
        }
    }

    private static void AddSignature(HashSet<TypeReference> found, MethodReference method)
    {
        Add(found, method.ReturnType);
        foreach (var parameter in method.Parameters)
        {
            Add(found, parameter.ParameterType);
        }

        if (method is GenericInstanceMethod generic)
        {
            generic.GenericArguments.ToList().ForEach(argument => Add(found, argument));
        }
    }

    private static void AddAttributes(HashSet<TypeReference> found, ICustomAttributeProvider provider)
    {
        foreach (var attribute in provider.CustomAttributes)
        {
            Add(found, attribute.AttributeType);
        }
    }

    private static void Add(HashSet<TypeReference> found, TypeReference? type)
    {
        switch (type)
        {
            case null or GenericParameter:
                return;
            case GenericInstanceType generic:
                generic.GenericArguments.ToList().ForEach(argument => Add(found, argument));
                Add(found, generic.ElementType);
                return;
            case TypeSpecification wrapped:
                Add(found, wrapped.ElementType);
                return;
            default:
                found.Add(type);
                return;
        }
    }

    private sealed class ByName : IEqualityComparer<TypeReference>
    {
        public static ByName Instance { get; } = new();

        public bool Equals(TypeReference? left, TypeReference? right) => left?.FullName == right?.FullName;

        public int GetHashCode(TypeReference type) => type.FullName.GetHashCode(StringComparison.Ordinal);
    }
}
