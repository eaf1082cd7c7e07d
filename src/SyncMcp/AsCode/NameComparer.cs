namespace SyncMcp.AsCode;

/// <summary>Names of things of a section, without case: as the server takes them.</summary>
internal sealed class NameComparer : IEqualityComparer<(string Section, string Name)>
{
    public static readonly NameComparer Instance = new();

    public bool Equals((string Section, string Name) x, (string Section, string Name) y) => x.Section.Equals(y.Section, StringComparison.OrdinalIgnoreCase) && x.Name.Equals(y.Name, StringComparison.OrdinalIgnoreCase);

    public int GetHashCode((string Section, string Name) obj) => HashCode.Combine(StringComparer.OrdinalIgnoreCase.GetHashCode(obj.Section), StringComparer.OrdinalIgnoreCase.GetHashCode(obj.Name));
}
