using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace SyncMcp.Client;

/// <summary>A name or a label: changing it does not change what a definition does, so the guard's hash leaves it out.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class CosmeticAttribute : Attribute;

/// <summary>The server sets it: never sent, never part of a definition.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ServerSetAttribute : Attribute;

/// <summary>A secret: masked wherever it could be seen.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretAttribute : Attribute;

/// <summary>Code that some machine runs (SQL, scripts, paths of projects): raises what the guard asks for.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class CodeAttribute : Attribute;

/// <summary>An id for which a unique name may be given instead; says of what.</summary>
/// <param name="kind">What it names: workspace, connection, job, task, user …</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NamesAttribute(string kind) : Attribute
{
    /// <summary>What it names.</summary>
    public string Kind { get; } = kind;
}

/// <summary>Which members of a record carry a mark, by their names on the wire.</summary>
public static class Marks
{
    /// <summary>Wire names of the members of <typeparamref name="T"/> that carry the mark.</summary>
    public static IReadOnlySet<string> Of<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T, TMark>()
        where TMark : Attribute
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in typeof(T).GetProperties())
        {
            if (property.IsDefined(typeof(TMark), inherit: false))
                names.Add(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
        }

        return names;
    }
}
