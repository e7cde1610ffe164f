using Graft.Imaging;

namespace Graft.Reports;

/// <summary>A picture of a contact sheet.</summary>
sealed record PreviewImage(Image Image, string Caption);
