using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace SyncMcp.Tests.Tools;

/// <summary>The docstrings of assemblies, from the XML files that the compiler writes beside them.</summary>
internal sealed partial class Docstrings
{
    private readonly Dictionary<string, XElement> members;

    public Docstrings(params IEnumerable<Assembly> assemblies)
    {
        members = assemblies.SelectMany(assembly => XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member")).ToDictionary(member => member.Attribute("name")!.Value, StringComparer.Ordinal);
    }

    /// <summary>The summary of a property as plain text; null where it has none.</summary>
    public string? Of(PropertyInfo property)
    {
        var declaring = property.DeclaringType!;
        var name = (declaring.IsGenericType ? declaring.GetGenericTypeDefinition() : declaring).FullName!.Replace('+', '.');
        return members.TryGetValue($"P:{name}.{property.Name}", out var member) && member.Element("summary") is { } summary ? Plain(summary) : null;
    }

    private static string Plain(XElement summary)
    {
        foreach (var see in summary.Descendants("see").ToList())
            see.ReplaceWith(see.Attribute("cref")?.Value.Split('.')[^1] ?? see.Value);
        return Spaces().Replace(summary.Value, " ").Trim();
    }

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Spaces();
}
